import { GraphiQL } from "graphiql";
import "graphiql/style.css";
import { useEffect, useMemo, useState } from "react";
import { createRoot } from "react-dom/client";
import { scheme } from "../shared/scheme";
import { token as signedIn } from "../shared/session";
import { language, languages, sayer } from "../shared/words";
import { readAsked } from "./asked";
import { examples } from "./examples";
import { startAsking } from "./fetcher";
import { makeMemory } from "./memory";
import "./page.css";
import { words } from "./words";

const say = sayer(words);
// The explorer shows this page in a frame, and has the session and the choice of colours.
const framed = window.parent !== window;
// What is asked and answered may be personal: it is kept no longer than the page, or the browser's tab.
const storage = framed ? makeMemory() : sessionStorage;

function Page() {
  const [token, setToken] = useState("");
  const [caller, setCaller] = useState(signedIn());
  const [asked, setAsked] = useState(() => readAsked(location));
  const [colours, setColours] = useState(scheme());
  const [, setSpoken] = useState(language());
  // Another caller may see another schema: with a new fetcher it is asked for again.
  const asking = useMemo(() => startAsking(new URL("/graphql", location.href).href, caller), [caller]);
  useEffect(() => () => asking.stop(), [asking]);
  useEffect(() => {
    const follow = () => setAsked(readAsked(location));
    const hear = () => {
      setColours(scheme());
      setCaller(sessionStorage.getItem("motivo.token") ?? "");
    };
    const speak = () => {
      document.documentElement.lang = language();
      setSpoken(language());
    };
    addEventListener("hashchange", follow);
    addEventListener("storage", hear);
    languages.addEventListener("change", speak);
    return () => {
      removeEventListener("hashchange", follow);
      removeEventListener("storage", hear);
      languages.removeEventListener("change", speak);
    };
  }, []);
  return (
    <>
      {framed ? null : (
        <form
          className="caller"
          onSubmit={(event) => {
            event.preventDefault();
            setCaller(token);
          }}
        >
          <label htmlFor="token">{say("token")}</label>
          <input
            id="token"
            type="password"
            autoComplete="off"
            spellCheck={false}
            value={token}
            placeholder={say("hint")}
            onChange={(event) => setToken(event.target.value.trim())}
            onBlur={() => token && setCaller(token)}
          />
        </form>
      )}
      <GraphiQL
        fetcher={asking.fetcher}
        storage={storage}
        query={asked.query}
        variables={asked.query ? (asked.variables ?? "") : undefined}
        defaultTabs={[...(asked.query ? [{ ...asked, query: asked.query }] : []), ...examples.map((query) => ({ query }))]}
        forcedTheme={colours === "auto" ? (framed ? "system" : undefined) : colours}
        shouldPersistHeaders={false}
        showPersistHeadersSettings={false}
        defaultEditorToolsVisibility={asked.variables ? "variables" : false}
      >
        <GraphiQL.Logo>Motivo</GraphiQL.Logo>
      </GraphiQL>
    </>
  );
}

document.documentElement.lang = language();
createRoot(document.getElementById("page") as HTMLElement).render(<Page />);
