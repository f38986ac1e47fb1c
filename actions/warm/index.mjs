import { launch } from "../launch.mjs";

await launch("warm", { runsTeamCode: true });
