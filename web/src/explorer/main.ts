import { applyScheme } from "../shared/scheme";
import { language } from "../shared/words";
import "./app";

document.documentElement.lang = language();
applyScheme();
