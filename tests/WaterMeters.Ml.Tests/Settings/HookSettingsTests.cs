using WaterMeters.Ml.Settings;

namespace WaterMeters.Ml.Tests.Settings;

public class HookSettingsTests
{
    [Fact]
    public void Without_the_section_main_and_master_are_protected_from_errors()
    {
        var settings = HookSettings.Read(null, _ => { });
        Assert.Equal([true, true, true, false], Protects(settings, "main", "master", "Main", "feature/main"));
        Assert.Equal(FindingSeverity.Error, settings.Refuse);
        Assert.Equal(HookSettings.Default, Read("dataset: {path: x}"));
    }

    [Theory]
    [InlineData("hook: {protected: [main, 'release/*']}")]
    [InlineData("hook: {protected: 'main, release/*'}")]
    [InlineData("hook:\n  protected:\n  - main\n  - release/*\n")]
    public void Branches_are_a_list_with_patterns(string text) =>
        Assert.Equal([true, true, true, false], Protects(Read(text), "main", "release/1", "release/1/2", "releases"));

    [Fact]
    public void The_severity_is_one_of_two_in_any_case() =>
        Assert.Equal(FindingSeverity.Warning, Read("hook: {refuse: Warning}").Refuse);

    [Theory]
    [InlineData("hook: {refuse: never}", "Invalid value 'never' for hook.refuse in 'main:wms.yaml'. Use error or warning.")]
    [InlineData("hook: {protected: []}", "hook.protected in 'main:wms.yaml' names no branch. Write one or several")]
    [InlineData("hook: {protect: main}", "'main:wms.yaml' has the unknown key 'hook.protect'. Did you mean 'hook.protected'?")]
    [InlineData("hok: {refuse: error}", "'main:wms.yaml' has the unknown key 'hok'. Did you mean 'hook'?")]
    [InlineData("hook: main", "Value 'main' of 'hook' in 'main:wms.yaml': 'hook' must contain keys.")]
    [InlineData("hook: [", "'main:wms.yaml' is not valid YAML, line ")]
    public void What_cannot_be_understood_is_an_error_that_names_its_source(string text, string message)
    {
        var e = Assert.Throws<SettingsException>(() => Read(text));
        Assert.StartsWith(message, e.Message, StringComparison.Ordinal);
        Assert.Equal("main:wms.yaml", e.Setting);
    }

    private static HookSettings Read(string text) =>
        HookSettings.Read(SettingsFile.Parse(text, "main:wms.yaml", _ => { }, strict: true), _ => { });

    private static bool[] Protects(HookSettings settings, params string[] branches) => [.. branches.Select(settings.Protects)];
}
