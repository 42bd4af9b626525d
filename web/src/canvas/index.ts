import "./search-tab";
import "./paths-tab";
