namespace WaterMeters.Ml.Reporting.Markup;

/// <summary>Writes tables and lists of facts.</summary>
internal static class HtmlTable
{
    /// <summary>Writes a table. On a narrow screen it scrolls within the page; on paper no row is split.</summary>
    /// <param name="html">The page.</param>
    /// <param name="caption">What the table shows.</param>
    /// <param name="columns">Its columns; the first one names the row.</param>
    /// <param name="rows">One text per column.</param>
    public static void Write(HtmlWriter html, string caption, IReadOnlyList<HtmlColumn> columns, IEnumerable<IReadOnlyList<string>> rows) =>
        Write(html, caption, columns, rows, (page, column, text) => page.Text(text));

    /// <summary>Writes a table whose cells hold more than text.</summary>
    /// <param name="html">The page.</param>
    /// <param name="caption">What the table shows.</param>
    /// <param name="columns">Its columns; the first one names the row.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="cell">Writes the content of a cell; its second argument is the column index.</param>
    /// <param name="stacks">Whether a narrow screen shows the last column, of sentences, below the others instead of scrolling.</param>
    public static void Write<T>(
        HtmlWriter html,
        string caption,
        IReadOnlyList<HtmlColumn> columns,
        IEnumerable<IReadOnlyList<T>> rows,
        Action<HtmlWriter, int, T> cell,
        bool stacks = false)
    {
        ArgumentNullException.ThrowIfNull(html);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(cell);

        // Focusable, so that the keyboard can scroll it too.
        html.Open("div", ("class", "scroll"), ("role", "region"), ("aria-label", caption), ("tabindex", "0"));
        html.Open("table", ("class", stacks ? "stack" : null)).Element("caption", caption).Open("thead").Open("tr");
        foreach (var column in columns) html.Element("th", column.Title, ("scope", "col"), ("class", column.IsNumber ? "number" : null));
        html.Close().Close().Open("tbody").Raw("\n");
        foreach (var row in rows)
        {
            html.Open("tr");
            for (int i = 0; i < columns.Count; i++)
            {
                html.Open(i == 0 ? "th" : "td", ("scope", i == 0 ? "row" : null), ("class", columns[i].IsNumber ? "number" : null));
                cell(html, i, row[i]);
                html.Close();
            }

            html.CloseLine();
        }

        html.Close().Close().CloseLine();
    }

    /// <summary>Writes a list of facts, each with a name and a value.</summary>
    public static void Facts(HtmlWriter html, IEnumerable<(string Name, string Value)> facts)
    {
        ArgumentNullException.ThrowIfNull(html);
        html.Open("dl", ("class", "facts"));
        foreach (var (name, value) in facts) html.Open("div").Element("dt", name).Element("dd", value).Close();
        html.CloseLine();
    }
}

/// <summary>A column of a table.</summary>
/// <param name="Title">Heading.</param>
/// <param name="IsNumber">Whether it holds numbers, which are aligned right.</param>
internal readonly record struct HtmlColumn(string Title, bool IsNumber = false);
