using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WaterMeters.Ml.Tests.Architecture;

/// <summary>
/// The product's C# sources and which file uses which, as the compiler resolves names. All projects are one compilation; names out of
/// packages stay unresolved, which does not matter here.
/// </summary>
internal sealed class SourceTree
{
    private const string ImplicitUsings =
        "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; "
        + "global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;";

    private static readonly CSharpParseOptions Options = new(LanguageVersion.Preview, DocumentationMode.None);

    private readonly CSharpCompilation compilation;

    private SourceTree(CSharpCompilation compilation, IReadOnlyCollection<SourceUse> uses) =>
        (this.compilation, Uses) = (compilation, uses);

    /// <summary>Each use of a type or member that another file declares; once for a pair of files and a type.</summary>
    public IReadOnlyCollection<SourceUse> Uses { get; }

    /// <summary>The files, relative to the folder, with forward slashes.</summary>
    public IEnumerable<string> Files => compilation.SyntaxTrees.Select(tree => tree.FilePath).Where(path => path.Length > 0);

    /// <summary>Reads the .cs files below a folder.</summary>
    public static SourceTree Read(string root)
    {
        var trees = Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories).AsParallel()
            .Select(path => Parse(File.ReadAllText(path), Path.GetRelativePath(root, path).Replace('\\', '/'))).ToList();
        var platform = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => !Path.GetFileName(path).StartsWith("WaterMeters.", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path));
        var compilation = CSharpCompilation.Create(
            "sources", [.. trees, Parse(ImplicitUsings, "")], platform,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
        return new SourceTree(compilation, UsesIn(compilation, trees));
    }

    /// <summary>The same sources with one more file.</summary>
    public SourceTree With(string file, string text)
    {
        var tree = Parse(text, file);
        var more = compilation.AddSyntaxTrees(tree);
        return new SourceTree(more, [.. Uses, .. UsesIn(more, [tree])]);
    }

    private static SourceUse[] UsesIn(CSharpCompilation compilation, IReadOnlyList<SyntaxTree> trees)
    {
        // Names that no file declares need no look by the compiler: most of a file's names are local or the platform's.
        var declared = compilation.SyntaxTrees.AsParallel()
            .SelectMany(tree => tree.GetRoot().DescendantNodes(node => node is not BlockSyntax).Select(NameOf))
            .OfType<string>().ToHashSet(StringComparer.Ordinal);
        return [.. trees.AsParallel().SelectMany(tree => UsesIn(compilation.GetSemanticModel(tree), declared)).Distinct()];
    }

    private static IEnumerable<SourceUse> UsesIn(SemanticModel model, HashSet<string> declared)
    {
        string user = model.SyntaxTree.FilePath;
        var names = model.SyntaxTree.GetRoot().DescendantNodes(node => node is not UsingDirectiveSyntax).OfType<SimpleNameSyntax>();
        foreach (var name in names)
        {
            if (!declared.Contains(name.Identifier.ValueText)) continue;
            var info = model.GetSymbolInfo(name);
            if ((info.Symbol ?? info.CandidateSymbols.FirstOrDefault()) is not { } symbol) continue;
            if ((symbol as INamedTypeSymbol ?? symbol.ContainingType) is not { } type) continue;
            foreach (var declaration in symbol.OriginalDefinition.DeclaringSyntaxReferences)
            {
                string file = declaration.SyntaxTree.FilePath;
                if (file.Length > 0 && file != user) yield return new SourceUse(user, file, type.Name);
            }
        }
    }

    private static SyntaxTree Parse(string text, string file) => CSharpSyntaxTree.ParseText(text, Options, file);

    private static string? NameOf(SyntaxNode node) => node switch
    {
        BaseTypeDeclarationSyntax type => type.Identifier.ValueText,
        DelegateDeclarationSyntax type => type.Identifier.ValueText,
        MethodDeclarationSyntax method => method.Identifier.ValueText,
        PropertyDeclarationSyntax property => property.Identifier.ValueText,
        EnumMemberDeclarationSyntax member => member.Identifier.ValueText,
        VariableDeclaratorSyntax field => field.Identifier.ValueText,
        ParameterSyntax { Parent.Parent: RecordDeclarationSyntax } parameter => parameter.Identifier.ValueText,
        _ => null,
    };
}

/// <summary>A file that uses a type of another file.</summary>
internal sealed record SourceUse(string From, string To, string Type);
