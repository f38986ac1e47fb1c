import { holdDays } from "./hold-days.ts";

holdDays(0, 3);
