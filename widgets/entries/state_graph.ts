/* The bundle of the state graph. */

import { mountStateGraph } from "../state_graph";
import { widgetModule } from "../widget_module";

export default widgetModule({ state_graph: mountStateGraph });
