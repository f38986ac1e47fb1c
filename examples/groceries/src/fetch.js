import { fetchNewWeeks } from "./warehouse.js";

// What is watched: the weeks that have passed since the repository's own. The newest four are the holdout of the day.
fetchNewWeeks();
