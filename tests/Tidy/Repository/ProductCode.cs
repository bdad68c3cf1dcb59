using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Millrace.Repository;

/// <summary>
/// The libraries, bound as far as the sources and the .NET class library reach, so that a rule sees which type a name
/// means whatever the <c>using</c> lines, aliases or <c>var</c> say. Names from packages stay unknown; no rule needs
/// them.
/// </summary>
internal sealed class ProductCode
{
    private static readonly string[] Libraries = ["Grains.Interfaces", "Grains", "Hosting", "Connectors"];

    // What programs use beside them, in tests of their own.
    private const string TestLibrary = "tests/Testing";

    // What the SDK adds to every file (ImplicitUsings).
    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private static readonly SyntaxTree Usings = new SourceFile("ImplicitUsings.cs", () => ImplicitUsings).Syntax;

    private static readonly Lazy<ImmutableArray<MetadataReference>> ClassLibrary = new(LoadClassLibrary);

    // Shared, so that the class library is read once however many trees are bound against it.
    private static readonly Lazy<CSharpCompilation> Empty = new(() => CSharpCompilation.Create(
        "Product", [Usings], ClassLibrary.Value, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary)));

    // Binding is the dear part, and several rules ask for the same files.
    private static readonly ConditionalWeakTable<SourceTree, ProductCode> Bound = [];

    private readonly CSharpCompilation _compilation;
    private readonly CSharpCompilation _withTests;
    private readonly ConcurrentDictionary<SourceFile, (SyntaxNode, ISymbol)[]> _names = [];

    private ProductCode(SourceTree tree)
    {
        Files = [.. tree.CSharp.Where(file => Libraries.Any(file.IsUnder))];
        _compilation = Empty.Value.AddSyntaxTrees(Files.Select(file => file.Syntax));
        _withTests = _compilation.AddSyntaxTrees(
            tree.CSharp.Where(file => file.IsUnder(TestLibrary)).Select(file => file.Syntax));
    }

    public IReadOnlyList<SourceFile> Files { get; }

    public static ProductCode Of(SourceTree tree) => Bound.GetValue(tree, static tree => new ProductCode(tree));

    /// <summary>Every name in a file's code with what it means: a type, or a member of one.</summary>
    /// <remarks>Documentation comments may mention anything. A name without a known meaning is left out.</remarks>
    public IReadOnlyList<(SyntaxNode Node, ISymbol Meaning)> NamesIn(SourceFile file) =>
        _names.GetOrAdd(file, file => [.. Bind(file)]);

    /// <summary>What the compiler would refuse in a program outside the product that uses it, or in
    /// a test of such a program.</summary>
    public IEnumerable<Diagnostic> ErrorsIn(SourceFile program) =>
        CSharpCompilation.Create("Program", [program.Syntax, Usings], ClassLibrary.Value)
            .AddReferences(_withTests.ToMetadataReference())
            .GetSemanticModel(program.Syntax).GetDiagnostics()
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);

    /// <summary>The type a name means or, for a member, the type that declares it.</summary>
    public static INamedTypeSymbol? TypeOf(ISymbol meaning) =>
        (meaning as INamedTypeSymbol ?? meaning.ContainingType)?.OriginalDefinition;

    private IEnumerable<(SyntaxNode Node, ISymbol Meaning)> Bind(SourceFile file)
    {
        SemanticModel model = _compilation.GetSemanticModel(file.Syntax);
        foreach (SyntaxNode node in file.Root.DescendantNodes())
        {
            if (node is not (SimpleNameSyntax or BaseObjectCreationExpressionSyntax))
            {
                continue;
            }

            SymbolInfo info = model.GetSymbolInfo(node);
            if ((info.Symbol ?? info.CandidateSymbols.FirstOrDefault()) is ISymbol meaning)
            {
                yield return (node, meaning);
            }
        }
    }

    private static ImmutableArray<MetadataReference> LoadClassLibrary()
    {
        string folder = Path.GetDirectoryName(typeof(object).Assembly.Location)!; // Never null: not a single file.
        return
        [
            .. Directory.EnumerateFiles(folder, "*.dll")
                .Where(IsManaged)
                .Select(path => MetadataReference.CreateFromFile(path)),
        ];
    }

    private static bool IsManaged(string path)
    {
        using FileStream stream = File.OpenRead(path);
        using System.Reflection.PortableExecutable.PEReader reader = new(stream);
        return reader.HasMetadata;
    }
}
