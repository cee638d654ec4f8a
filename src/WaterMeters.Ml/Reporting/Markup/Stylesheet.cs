namespace WaterMeters.Ml.Reporting.Markup;

/// <summary>
/// The style of all pages: readable on a phone and on paper, light or dark as the system of the reader, in its fonts. The colours of
/// series are those of Okabe and Ito, which people with any colour vision can tell apart; each series also has its own dashes and
/// markers.
/// </summary>
internal static class Stylesheet
{
    /// <summary>The CSS. It must not contain a less-than sign or an ampersand, which HTML and XML read differently here.</summary>
    public const string Text = """

        :root { color-scheme: light dark; --ground: #fff; --card: #f6f7f8; --ink: #1b1d20; --quiet: #565c64; --line: #d3d7dc;
          --link: #0059a8; --bad: #a81414; --badground: #fdecec; --warn: #7a4b00; --warnground: #fff3d9; --good: #0b6a3f;
          --goodground: #e5f6ec; --s1: #0072b2; --s2: #d55e00; --s3: #009e73; --s4: #a8568a; --s5: #b57600; --s6: #2f8fc4; }
        @media (prefers-color-scheme: dark) { :root { --ground: #15171a; --card: #1f2226; --ink: #e8eaed; --quiet: #a5acb5;
          --line: #3b4047; --link: #7cc0ff; --bad: #ff9a94; --badground: #41191a; --warn: #ffcf70; --warnground: #3b2d0d;
          --good: #7fdba8; --goodground: #11352a; --s1: #56b4e9; --s2: #f0803c; --s3: #2fc79a; --s4: #dd92c1; --s5: #e69f00;
          --s6: #9fd0f0; } }
        * { box-sizing: border-box; }
        html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
        body { margin: 0; background: var(--ground); color: var(--ink);
          font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif; overflow-wrap: anywhere; }
        main { max-width: 76rem; margin: 0 auto; padding: 1rem clamp(.9rem, 3vw, 2rem) 3rem; }
        h1 { font-size: 1.6rem; line-height: 1.2; margin: .5rem 0; }
        h2 { font-size: 1.25rem; line-height: 1.3; margin: 2.2rem 0 .6rem; padding-top: .8rem; border-top: 1px solid var(--line); }
        h3 { font-size: 1.05rem; margin: 1.8rem 0 .3rem; }
        small { font-weight: normal; }
        p { margin: .4rem 0; max-width: 48rem; }
        a { color: var(--link); }
        code, .file { font-family: ui-monospace, "Cascadia Mono", Consolas, "DejaVu Sans Mono", monospace; font-size: .9em; }
        .quiet { color: var(--quiet); }
        .badge { display: inline-block; border-radius: .3rem; padding: 0 .5rem; font-weight: 600; font-size: .9em;
          border: 1px solid currentColor; }
        .badge.bad { color: var(--bad); background: var(--badground); }
        .badge.warn { color: var(--warn); background: var(--warnground); }
        .badge.good { color: var(--good); background: var(--goodground); }
        .facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(9.5rem, 1fr)); gap: .5rem; margin: 1rem 0; }
        .facts div { background: var(--card); border-radius: .4rem; padding: .4rem .7rem; }
        .facts dt { color: var(--quiet); font-size: .85rem; }
        .facts dd { margin: 0; font-weight: 600; font-variant-numeric: tabular-nums; }
        .scroll { overflow-x: auto; margin: .8rem 0; }
        table { border-collapse: collapse; min-width: min(100%, 30rem); overflow-wrap: normal; }
        caption { text-align: left; color: var(--quiet); padding-bottom: .3rem; }
        th, td { text-align: left; vertical-align: top; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid var(--line);
          font-weight: normal; }
        td:last-child:not(.number) { min-width: 14rem; }
        thead th { font-weight: 600; white-space: nowrap; }
        .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
        .charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 21rem), 1fr)); gap: 1.2rem; margin: 1rem 0; }
        figure { margin: 0; }
        .chart { max-width: 40rem; }
        .chart figcaption { font-weight: 600; margin-bottom: .2rem; }
        .chart svg { display: block; width: 100%; height: auto; }
        .chart text { fill: var(--quiet); font-size: 12px; font-family: inherit; }
        .chart .axis { stroke: var(--quiet); fill: none; }
        .chart .grid { stroke: var(--line); fill: none; }
        .chart .bar { fill: var(--s1); }
        .chart .tail { fill: none; stroke: var(--s1); stroke-width: 1.5; stroke-dasharray: 3 2; }
        .chart .mark { stroke: var(--s2); stroke-width: 1.5; stroke-dasharray: 5 3; fill: none; }
        .chart .range { stroke: var(--s2); stroke-width: 2.5; fill: none; }
        .chart .diagonal { stroke: var(--quiet); stroke-dasharray: 2 4; fill: none; }
        .chart .series { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
        .chart .dot { stroke: none; }
        .chart .cloud { fill: none; stroke-width: 4; stroke-linecap: round; stroke-opacity: .55; }
        .chart .s1 { stroke: var(--s1); } .chart .s2 { stroke: var(--s2); stroke-dasharray: 7 4; }
        .chart .s3 { stroke: var(--s3); stroke-dasharray: 2 4; }
        .chart .s4 { stroke: var(--s4); stroke-dasharray: 9 3 2 3; } .chart .s5 { stroke: var(--s5); stroke-dasharray: 12 4; }
        .chart .s6 { stroke: var(--s6); stroke-dasharray: 4 2; }
        .chart .d1 { fill: var(--s1); } .chart .d2 { fill: var(--s2); } .chart .d3 { fill: var(--s3); } .chart .d4 { fill: var(--s4); }
        .chart .d5 { fill: var(--s5); } .chart .d6 { fill: var(--s6); }
        .chart .cloud { stroke-dasharray: none; }
        .legend { list-style: none; display: flex; flex-wrap: wrap; gap: .1rem 1.1rem; margin: .2rem 0 0; padding: 0; font-size: .9rem; }
        .chart .legend svg { display: inline-block; width: 2.2rem; height: .8rem; vertical-align: -.1em; margin-right: .3rem; }
        .cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 21rem), 1fr)); gap: .8rem; margin: .8rem 0; }
        .card { background: var(--card); border-radius: .4rem; padding: .6rem .7rem; font-size: .93rem; }
        .card p { margin: .3rem 0 0; }
        .images { display: flex; flex-wrap: wrap; gap: .5rem; align-items: flex-start; }
        .images figure { flex: 0 1 auto; max-width: calc(50% - .25rem); }
        .images img { display: block; max-width: 100%; height: auto; max-height: 12rem; width: auto; border-radius: .2rem; }
        .images figcaption { color: var(--quiet); font-size: .8rem; }
        .outlined { position: relative; border-radius: .2rem; overflow: hidden; }
        .outlined img { display: block; width: 100%; height: auto; }
        .outlined svg { position: absolute; inset: 0; width: 100%; height: 100%; }
        .outline { fill: none; stroke-linejoin: round; vector-effect: non-scaling-stroke; stroke-width: 2; }
        .outline.under { stroke: #000; stroke-opacity: .55; stroke-width: 4; }
        .outline.truth { stroke: #f0e442; } .outline.ours { stroke: #56d0ff; stroke-dasharray: 8 4; }
        .outline.theirs { stroke: #ff9d5c; stroke-dasharray: 3 3; }
        .swatch { width: 2.6rem; height: .9rem; vertical-align: -.1em; margin-right: .3rem; }
        .swatch rect { fill: #444; }
        .outline.found { stroke: #39ff14; } .outline.box { stroke: #ffb000; stroke-dasharray: 5 3; }
        .photos { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(46%, 13rem), 1fr)); gap: .8rem; margin: .8rem 0;
          align-items: start; }
        .photo { background: var(--card); border-radius: .4rem; overflow: hidden; padding-bottom: .4rem; font-size: .85rem;
          content-visibility: auto; contain-intrinsic-size: auto 13rem auto 25rem; }
        .photo .outlined { border-radius: 0; }
        .photo svg { filter: drop-shadow(0 0 1px #000); }
        .photo .window { background: #000; text-align: center; margin-top: 2px; }
        .photo .window img { display: inline-block; vertical-align: top; max-width: 100%; height: auto; max-height: 8rem; width: auto; }
        .photo p { margin: .3rem .6rem 0; } .photo .badge { font-size: .8rem; padding: 0 .35rem; }
        .jumps .badge { text-decoration: none; margin: 0 .3rem .3rem 0; }
        .filter { position: sticky; top: 0; z-index: 1; background: var(--ground); padding: .5rem 0; max-width: none; }
        .filter input { font: inherit; color: inherit; background: var(--card); border: 1px solid var(--quiet); border-radius: .3rem;
          padding: .25rem .5rem; width: min(60vw, 20rem); }
        [hidden] { display: none !important; }
        .gallery { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(46%, 15rem), 1fr)); gap: .8rem; margin: .8rem 0; }
        .gallery figcaption { font-size: .85rem; margin-top: .2rem; }
        .missing { border: 1px dashed var(--line); border-radius: .2rem; padding: 1rem .8rem; color: var(--quiet); font-size: .85rem; }
        details { margin: .6rem 0; }
        summary { cursor: pointer; color: var(--link); }
        details ul, details ol { padding-left: 1.3rem; font-size: .93rem; }
        footer { margin-top: 3rem; color: var(--quiet); font-size: .85rem; }
        @media (max-width: 30rem) { th, td { padding-right: .45rem; font-size: .88rem; } }
        @media screen and (max-width: 40rem) {
          .stack, .stack caption, .stack tbody { display: block; min-width: 0; }
          .stack thead { display: none; }
          .stack tr { display: flex; flex-wrap: wrap; gap: 0 .8rem; border-bottom: 1px solid var(--line); padding: .4rem 0; }
          .stack th, .stack td { border: 0; padding: .1rem 0; }
          .stack td:last-child { flex: 1 1 100%; min-width: 0; }
        }
        @media print {
          :root { color-scheme: light; --ground: #fff; --card: #fff; --ink: #000; --quiet: #000; --line: #999; --link: #000; --bad: #000;
            --badground: #fff; --warn: #000; --warnground: #fff; --good: #000; --goodground: #fff; --s1: #0072b2; --s2: #d55e00;
            --s3: #009e73; --s4: #a8568a; --s5: #b57600; --s6: #2f8fc4; }
          @page { margin: 15mm; }
          html { font-size: 10pt; }
          main { max-width: none; padding: 0; }
          a { text-decoration: none; }
          .scroll { overflow: visible; }
          table { min-width: 0; width: 100%; font-size: 9pt; }
          td { overflow-wrap: anywhere; }
          td:last-child:not(.number) { min-width: 0; }
          thead { display: table-header-group; }
          .filter { display: none; }
          .photo { content-visibility: visible; border: 1px solid var(--line); }
          .photos { grid-template-columns: 1fr 1fr 1fr 1fr; }
          tr, figure, .card, .photo, .facts div, li, .lead { break-inside: avoid; }
          h1, h2, h3, caption, .lead { break-after: avoid; }
          .charts, .cards { grid-template-columns: 1fr 1fr; }
          .gallery { grid-template-columns: 1fr 1fr 1fr; }
          .card { border: 1px solid var(--line); }
          .facts div { border: 1px solid var(--line); }
          .images img { max-height: 3.2cm; }
        }

        """;
}
