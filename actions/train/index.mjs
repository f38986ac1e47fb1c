import { launch } from "../launch.mjs";

await launch("train", { runsTeamCode: true });
