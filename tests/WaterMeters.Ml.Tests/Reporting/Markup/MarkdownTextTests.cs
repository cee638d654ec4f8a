using System.Net;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using WaterMeters.Ml.Reporting.Markup;

namespace WaterMeters.Ml.Tests.Reporting.Markup;

public partial class MarkdownTextTests
{
    /// <summary>Texts that try to break out of Markdown, or to mention a person.</summary>
    private static readonly string[] Hostile =
    [
        .. HtmlDocument.Hostile, "a|b", "a\\|b", "`x`", "``", "[x](http://example.invalid)", "![x](y)", "@someone", "see #12",
        "org/repo#12", "GH-12", "www.example.invalid", "https://example.invalid", "x@example.invalid", "**bold**", "_x_", "~~x~~",
        "# title", "- list", "1. list", "> quote", "a\n\n| b | c |\n", "$x$", ":tada:", "\\", "&amp;", "a\u2028b",
    ];

    private static readonly Gen<string> Texts = Gen.OneOf(
        Gen.Elements(Hostile),
        ArbMap.Default.GeneratorFor<string>().Select(text => text ?? ""),
        Gen.Elements("|`<>@#_*[]!:\\&\n\r- ./aWwGgHh1".ToCharArray()).ArrayOf().Select(letters => new string(letters)));

    [Fact]
    public void Encodes_markup_links_and_mentions() => Prop.ForAll(Texts.ToArbitrary(), text =>
    {
        string markdown = MarkdownText.Encode(text);
        string outside = Entity().Replace(markdown, "");
        return outside.IndexOfAny(['|', '`', '<', '>', '@', '#', '*', '[', ']', '!', '\\', '&', '~', '$', '"', '{', '\n', '\r', '\0']) < 0
            && !Link().IsMatch(WebUtility.HtmlDecode(markdown));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Shows_the_original_text() => Prop.ForAll(Texts.ToArbitrary(), text =>
    {
        string shown = WebUtility.HtmlDecode(MarkdownText.Encode(text)).Replace("\u2060", "", StringComparison.Ordinal);
        string expected = string.Concat(HtmlText.Sanitize(text).Select(letter => letter is '\n' or '\r' or '\t' ? ' ' : letter));
        return text.Length > 400 || shown == expected.Replace("\u2060", "", StringComparison.Ordinal).Trim();
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Keeps_names_readable_and_shortens_long_ones_in_the_middle()
    {
        Assert.Equal("<code>/runs/first_try/model-2.safetensors</code>", MarkdownText.Name("/runs/first_try/model-2.safetensors"));
        Assert.Equal("<code>C&#58;&#92;runs&#92;model.pth</code>", MarkdownText.Name(@"C:\runs\model.pth"));
        string cut = MarkdownText.Encode(new string('a', 300) + new string('b', 300));
        Assert.Equal(400, cut.Length);
        Assert.True(cut.StartsWith('a') && cut.EndsWith('b'));
        Assert.Equal("", MarkdownText.Encode(null));
    }

    [GeneratedRegex("&#[0-9]+;")]
    private static partial Regex Entity();

    [GeneratedRegex(@"@[A-Za-z0-9]|#[0-9]|://|\bwww\.|\bgh-[0-9]", RegexOptions.IgnoreCase)]
    private static partial Regex Link();
}
