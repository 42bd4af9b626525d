import { noChange } from "lit";
import { Directive, PartType, directive, type ElementPart, type PartInfo } from "lit/directive.js";

/**
 * Sets custom properties and other styles of an element: `<div ${styled({ "--x": "3px" })}>`. In place of Lit's styleMap,
 * which first writes a style attribute, and that is what the content security policy blocks.
 */
class Styled extends Directive {
  private before: string[] = [];

  constructor(part: PartInfo) {
    super(part);
    if (part.type !== PartType.ELEMENT) throw new Error("styled belongs in the tag of an element, by itself");
  }

  override render(_styles: Record<string, string | number | null>): unknown {
    return noChange;
  }

  override update(part: ElementPart, [styles]: [Record<string, string | number | null>]): unknown {
    const { style } = part.element as HTMLElement;
    for (const name of this.before) if (styles[name] == null) style.removeProperty(name);
    this.before = Object.keys(styles);
    for (const [name, value] of Object.entries(styles)) if (value != null) style.setProperty(name, String(value));
    return noChange;
  }
}

export const styled = directive(Styled);
