import { holdDays } from "./hold-days.ts";

holdDays(2, 3);
