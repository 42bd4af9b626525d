import { GraphiQL } from "graphiql";
import "graphiql/style.css";
import { useEffect, useMemo, useState } from "react";
import { createRoot } from "react-dom/client";
import { examples } from "./examples";
import { startAsking } from "./fetcher";
import "./page.css";
import { speak } from "./words";

const words = speak();
const asked = new URLSearchParams(location.search).get("query");
const tabs = [...(asked ? [asked] : []), ...examples].map((query) => ({ query }));

function Page() {
  const [token, setToken] = useState("");
  const [caller, setCaller] = useState("");
  // Another caller may see another schema: with a new fetcher it is asked for again.
  const asking = useMemo(() => startAsking(new URL("/graphql", location.href).href, caller), [caller]);
  useEffect(() => () => asking.stop(), [asking]);
  return (
    <>
      <form
        className="caller"
        onSubmit={(event) => {
          event.preventDefault();
          setCaller(token);
        }}
      >
        <label htmlFor="token">{words.token}</label>
        <input
          id="token"
          type="password"
          autoComplete="off"
          spellCheck={false}
          value={token}
          placeholder={words.hint}
          onChange={(event) => setToken(event.target.value.trim())}
          onBlur={() => setCaller(token)}
        />
      </form>
      <GraphiQL
        fetcher={asking.fetcher}
        defaultTabs={tabs}
        shouldPersistHeaders={false}
        showPersistHeadersSettings={false}
        defaultEditorToolsVisibility={false}
      >
        <GraphiQL.Logo>Motivo</GraphiQL.Logo>
      </GraphiQL>
    </>
  );
}

document.documentElement.lang = words.language;
createRoot(document.getElementById("page") as HTMLElement).render(<Page />);
