using System.Net;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using WaterMeters.Ml.Reporting.Markup;

namespace WaterMeters.Ml.Tests.Reporting.Markup;

public partial class MarkdownTextTests
{
    /// <summary>Texts that were made to break out of Markdown, or to call somebody.</summary>
    private static readonly string[] Hostile =
    [
        .. HtmlDocument.Hostile, "a|b", "a\\|b", "`x`", "``", "[x](http://example.invalid)", "![x](y)", "@someone", "see #12", "org/repo#12", "GH-12", "www.example.invalid", "https://example.invalid",
        "x@example.invalid", "**bold**", "_x_", "~~x~~", "# title", "- list", "1. list", "> quote", "a\n\n| b | c |\n", "$x$", ":tada:", "\\", "&amp;", "a\u2028b",
    ];

    private static readonly Gen<string> Texts = Gen.OneOf(
        Gen.Elements(Hostile), ArbMap.Default.GeneratorFor<string>().Select(text => text ?? ""), Gen.Elements("|`<>@#_*[]!:\\&\n\r- ./aWwGgHh1".ToCharArray()).ArrayOf().Select(letters => new string(letters)));

    [Fact]
    public void What_could_be_markup_a_link_or_a_mention_never_stands_in_it() => Prop.ForAll(Texts.ToArbitrary(), text =>
    {
        string markdown = MarkdownText.Encode(text);
        string outside = Entity().Replace(markdown, "");
        return outside.IndexOfAny(['|', '`', '<', '>', '@', '#', '*', '[', ']', '!', '\\', '&', '~', '$', '"', '{', '\n', '\r', '\0']) < 0 && !Link().IsMatch(WebUtility.HtmlDecode(markdown));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void What_is_shown_is_the_text() => Prop.ForAll(Texts.ToArbitrary(), text =>
    {
        string shown = WebUtility.HtmlDecode(MarkdownText.Encode(text)).Replace("\u2060", "", StringComparison.Ordinal);
        string wanted = string.Concat(HtmlText.Plain(text).Select(letter => letter is '\n' or '\r' or '\t' ? ' ' : letter)).Replace("\u2060", "", StringComparison.Ordinal).Trim();
        return text.Length > 400 || shown == wanted;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_name_stays_readable_and_a_long_one_is_cut_in_its_middle()
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
