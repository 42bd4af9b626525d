// In place of react-style-singleton, which writes <style> elements that our policy blocks: style sheets made
// by script are not inline, and may be used.
import { useEffect } from "react";

export function styleSingleton() {
  let sheet: CSSStyleSheet | undefined;
  let users = 0;
  return function Style({ styles }: { styles: string; dynamic?: boolean }): null {
    useEffect(() => {
      if (users++ === 0) {
        sheet = new CSSStyleSheet();
        document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
      }
      sheet?.replaceSync(styles);
      return () => {
        if (--users === 0) {
          document.adoptedStyleSheets = document.adoptedStyleSheets.filter((other) => other !== sheet);
        }
      };
    }, [styles]);
    return null;
  };
}
