using WaterMeters.Ml.Reporting.Markup;

namespace WaterMeters.Ml.Reporting.PredictionReports;

/// <summary>
/// A field that filters the photos of a page by file name. It needs a script, which the page's policy allows by its hash. Without
/// scripts, as in a mail program, the field stays hidden and the page is complete.
/// </summary>
internal static class PhotoFilter
{
    /// <summary>The script. It must not contain a less-than sign or an ampersand, which HTML and XML read differently here.</summary>
    public const string Script = """

        (() => {
          const field = document.getElementById('name-filter'), count = document.getElementById('name-count');
          const cards = [...document.querySelectorAll('[data-name]')], sections = [...document.querySelectorAll('section')];
          const apply = () => {
            const words = field.value.toLowerCase().split(' ').filter(word => word);
            let shown = 0;
            for (const card of cards) {
              const fits = words.every(word => card.dataset.name.includes(word));
              card.hidden = !fits;
              if (fits) shown++;
            }
            for (const section of sections) section.hidden = !section.querySelector('[data-name]:not([hidden])');
            count.textContent = words.length === 0 ? '' : shown + ' of ' + cards.length + ' photos';
          };
          field.addEventListener('input', apply);
          document.getElementById('filter').hidden = false;
          if (field.value) apply();
        })();

        """;

    /// <summary>Writes the field.</summary>
    public static void Write(HtmlWriter html)
    {
        ArgumentNullException.ThrowIfNull(html);
        html.Open("p", ("id", "filter"), ("class", "filter"), ("hidden", "hidden"));
        html.Open("label").Text("File name ");
        html.Empty("input", ("id", "name-filter"), ("type", "search"), ("autocomplete", "off"), ("placeholder", "part of the name"));
        html.Close();
        html.Text(" ").Element("span", "", ("id", "name-count"), ("role", "status"), ("class", "quiet")).CloseLine();
    }
}
