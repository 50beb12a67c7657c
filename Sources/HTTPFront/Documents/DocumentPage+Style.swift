extension DocumentPage {
    /// Light or dark, as the reader's system has it; the contents beside the text where there is room.
    static let style = """
        :root{--ink:#1b1f24;--soft:#57606a;--paper:#fff;--line:#d8dee4;--tint:#f4f6f8;--accent:#0b5cad}
        @media (prefers-color-scheme:dark){:root{--ink:#e3e7eb;--soft:#9aa4ae;--paper:#14181c;--line:#333b43;\
        --tint:#1d2328;--accent:#79b8ff}}
        *{box-sizing:border-box}
        html{scroll-padding-top:1rem}
        body{margin:0 auto;max-width:76rem;padding:1.5rem;color:var(--ink);background:var(--paper);\
        font:16px/1.55 system-ui,sans-serif}
        a{color:var(--accent)}
        h1{font-size:2rem;margin:.5rem 0}
        h2{font-size:1.4rem;margin:2.5rem 0 .5rem;padding-bottom:.3rem;border-bottom:1px solid var(--line)}
        h3{font-size:1.15rem;margin:0}
        h4{font-size:.8rem;margin:1.2rem 0 .4rem;color:var(--soft);text-transform:uppercase;letter-spacing:.05em}
        .lead{font-size:1.15rem;color:var(--soft);margin-top:0}
        code,pre{font:.875em/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
        code{background:var(--tint);padding:.1em .3em;border-radius:4px;overflow-wrap:anywhere}
        pre{background:var(--tint);padding:.8rem;border-radius:6px;overflow-x:auto;margin:.4rem 0}
        article{margin:1.5rem 0;padding:1.2rem;border:1px solid var(--line);border-radius:8px}
        .call b{color:var(--accent)}
        .wide{overflow-x:auto}
        table{border-collapse:collapse;width:100%;font-size:.92rem}
        th,td{text-align:left;vertical-align:top;padding:.35rem .6rem .35rem 0;border-top:1px solid var(--line)}
        th{color:var(--soft);font-weight:600;border-top:0}
        td p,td ul{margin:0}
        td ul{padding-left:1.2rem}
        td:first-child code{overflow-wrap:normal}
        td:first-child code:not(.path){white-space:nowrap}
        summary{cursor:pointer;margin:.4rem 0}
        nav ul{list-style:none;padding:0;margin:0}
        nav h2{font-size:1rem;border:0;margin:1rem 0 .2rem;padding:0}
        @media (max-width:45rem){thead{display:none}tr,td{display:block}\
        tr{padding:.5rem 0;border-top:1px solid var(--line)}td{padding:.1rem 0;border:0}td:empty{display:none}\
        td:first-child code:not(.path){white-space:normal}}
        @media (min-width:60rem){body{display:grid;grid-template-columns:14rem minmax(0,1fr);column-gap:2.5rem}\
        header{grid-column:1/-1}nav{position:sticky;top:0;align-self:start;max-height:100vh;overflow-y:auto;\
        font-size:.92rem}}
        """
}
