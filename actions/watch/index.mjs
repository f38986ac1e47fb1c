import { launch } from "../launch.mjs";

await launch("watch", { runsTeamCode: true });
