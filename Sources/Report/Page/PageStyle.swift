/// The style sheet of the page: light, dark, and on paper.
enum PageStyle {
  static let sheet: Markup = """
    :root{color-scheme:light dark;\(ChartStyle.properties(dark: false))--panel:#f5f7f9;--link:#1f5fa8}
    @media (prefers-color-scheme:dark){:root{\(ChartStyle.properties(dark: true))--panel:#1c2026;\
    --link:#86bdf7}}
    \(ChartStyle.rules { "var(--\($0.name))" })
    *{box-sizing:border-box}
    html{background:var(--paper);color:var(--ink);\
    font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;\
    -webkit-text-size-adjust:100%}
    body{margin:0 auto;padding:1.5rem clamp(1rem,3vw,3rem) 3rem;max-width:118rem}
    h1{font-size:2rem;line-height:1.2;margin:.5rem 0;overflow-wrap:anywhere}
    h2{font-size:1.5rem;margin:3rem 0 .5rem;padding-top:1rem;border-top:1px solid var(--faint)}
    h3{font-size:1.1rem;margin:2rem 0 .5rem}
    h4{font-size:1rem;margin:.5rem 0 0}
    p,ul,ol,dl{max-width:48rem;margin:.5rem 0}
    .lead{font-size:1.1rem}
    .soft{color:var(--soft)}
    p.soft{font-size:.85rem;margin:.1rem 0 .5rem}
    a{color:var(--link)}
    nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;list-style:none;padding:0;max-width:none}
    figure{margin:1rem 0;min-width:0}
    figcaption{color:var(--soft);font-size:.85rem;line-height:1.4;max-width:48rem;margin-top:.25rem;\
    overflow-wrap:anywhere}
    figcaption b{color:var(--ink)}
    a.file{white-space:nowrap;margin-left:.3em}
    svg.chart{display:block;width:100%;height:auto}
    .multiples{display:grid;gap:1rem 1.5rem;\
    grid-template-columns:repeat(auto-fill,minmax(min(100%,21rem),1fr))}
    .multiples figure{max-width:24rem}
    .modes{display:grid;gap:1rem 2rem;grid-template-columns:repeat(auto-fit,minmax(min(100%,22rem),1fr))}
    .modes>figure,.mode{min-width:0;max-width:66rem}
    .pictures{display:grid;gap:0 1.5rem;align-items:start;\
    grid-template-columns:repeat(auto-fit,minmax(min(100%,24rem),1fr))}
    .pictures figure{max-width:38rem}
    .scroll{overflow-x:auto}
    table{border-collapse:collapse;font-size:.85rem;font-variant-numeric:tabular-nums;margin:.5rem 0}
    caption{text-align:left;color:var(--soft);padding:.25rem 0;position:sticky;left:0;\
    max-width:min(60rem,calc(100vw - 2rem))}
    th,td{padding:.25rem .6rem;text-align:left;border-bottom:1px solid var(--faint);vertical-align:top}
    th{font-weight:600;vertical-align:bottom}
    td{white-space:nowrap}
    td.wrap{white-space:normal;min-width:16rem}
    tbody tr:hover{background:var(--panel)}
    th.number,td.number{text-align:right}
    details{margin:.5rem 0}
    summary{cursor:pointer;max-width:60rem}
    li{margin:.2rem 0}
    pre{background:var(--panel);padding:1rem;overflow:auto;font-size:.85rem;max-height:40rem}
    dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1.5rem}
    dt{color:var(--soft)}
    dd{margin:0;overflow-wrap:anywhere}
    .sources{font-size:.85rem}
    .controls{display:flex;gap:.75rem;align-items:center;max-width:510px}
    .controls[hidden]{display:none}
    .controls input{flex:1;min-width:4rem}
    .controls output{font-variant-numeric:tabular-nums;font-size:.85rem;min-width:11em}
    button{font:inherit;color:inherit;background:var(--panel);border:1px solid var(--soft);\
    border-radius:.4rem;padding:.15rem .8rem;cursor:pointer}
    .cloud{max-width:440px;position:relative}
    .cloud canvas{width:100%;aspect-ratio:1;display:block;cursor:grab;touch-action:none}
    .cloud canvas[hidden],.cloud button[hidden],.cloud.turning svg{display:none}
    .cloud button{position:absolute;right:0;top:0;font-size:.85rem}
    footer{margin-top:3rem;border-top:1px solid var(--faint);color:var(--soft);font-size:.85rem}
    :focus-visible{outline:2px solid var(--link);outline-offset:2px}
    @media (prefers-color-scheme:dark){svg.chart image{filter:invert(1) hue-rotate(180deg)}}
    @media (max-width:40rem){dl{grid-template-columns:1fr}dd{margin-bottom:.4rem}}
    @media print{
    :root{color-scheme:light;\(ChartStyle.properties(dark: false))--panel:#f5f7f9;--link:#1b1f24}
    @page{margin:14mm}
    html{font-size:10pt}
    body{padding:0;max-width:none}
    h2,h3,h4,h2+p{break-after:avoid}
    figure,tr,li,.mode{break-inside:avoid}
    svg.chart image{filter:none}
    nav,.controls,.controls[hidden],.cloud button,.cloud canvas,a.file{display:none}
    .cloud.turning svg{display:block}
    .scroll,pre{overflow:visible;max-height:none}
    pre{white-space:pre-wrap}
    table{font-size:7.5pt}
    th,td{padding:.15rem .3rem}
    td{white-space:normal}
    .multiples{grid-template-columns:repeat(2,1fr)}
    .modes{grid-template-columns:repeat(2,1fr);gap:.5rem 1rem}
    svg.chart{min-width:0!important}
    a{text-decoration:none}
    }

    """
}
