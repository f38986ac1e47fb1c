import { launch } from "../launch.mjs";

await launch("loop", { runsTeamCode: true });
