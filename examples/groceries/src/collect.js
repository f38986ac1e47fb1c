import { fetchNewWeeks } from "./warehouse.js";

// What a retraining pull request brings: every week that has passed since.
fetchNewWeeks();
