import { copyInto, fetchNewWeeks } from "./warehouse.js";

// What is watched: the newest four weeks, in current/. The weeks before them are there to predict from.
copyInto("current", fetchNewWeeks().slice(-4));
