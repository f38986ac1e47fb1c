import { holdDays } from "./hold-days.ts";

holdDays(1, 3);
