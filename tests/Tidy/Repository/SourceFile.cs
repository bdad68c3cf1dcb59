using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Millrace.Repository;

/// <summary>One file of the repository, with its text and, for C#, its syntax.</summary>
internal sealed class SourceFile
{
    private static readonly HashSet<string> TextExtensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ".cs", ".csproj", ".props", ".targets", ".sln", ".md", ".txt", ".json", ".yml", ".yaml", ".xml", ".sh", ".ts",
        ".tsx", ".js", ".mjs", ".css", ".html", ".bicep", ".sql", ".csv", ".config", ".runsettings", ".editorconfig",
        ".gitignore", ".gitattributes",
    };

    private static readonly CSharpParseOptions ParseOptions = new(
        LanguageVersion.Preview, preprocessorSymbols: ["DEBUG", "NET", "NET10_0_OR_GREATER"]);

    private readonly Lazy<string> _text;
    private readonly Lazy<string[]> _lines;
    private readonly Lazy<SyntaxTree> _syntax;

    public SourceFile(string path, Func<string> read)
    {
        Path = path;
        _text = new Lazy<string>(read);
        _lines = new Lazy<string[]>(() => Text.ReplaceLineEndings("\n").Split('\n'));
        _syntax = new Lazy<SyntaxTree>(() => CSharpSyntaxTree.ParseText(Text, ParseOptions, Path));
    }

    /// <summary>From the repository's root, with forward slashes.</summary>
    public string Path { get; }

    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>The folder it stands in; empty for the root.</summary>
    public string Folder => Path.Contains('/', StringComparison.Ordinal) ? Path[..Path.LastIndexOf('/')] : "";

    public string Extension => System.IO.Path.GetExtension(Path);

    public string Text => _text.Value;

    public IReadOnlyList<string> Lines => _lines.Value;

    /// <summary>Lines as an editor counts them: a line break at the very end does not begin another.</summary>
    public int LineCount => Lines.Count > 0 && Lines[^1].Length == 0 ? Lines.Count - 1 : Lines.Count;

    public SyntaxTree Syntax => _syntax.Value;

    public SyntaxNode Root => Syntax.GetRoot();

    public bool IsCSharp => Extension == ".cs";

    public bool IsMarkdown => Extension == ".md";

    /// <summary>A script without extension (it begins with <c>#!</c>) or with a shell's.</summary>
    public bool IsScript =>
        Extension == ".sh" || (Extension.Length == 0 && Text.StartsWith("#!", StringComparison.Ordinal));

    /// <summary>Whether its content is meant to be read by people.</summary>
    public bool IsText => TextExtensions.Contains(Extension) || (Extension.Length == 0 && !Text.Contains('\0'));

    public bool IsTest => IsUnder("tests");

    public bool IsUnder(string folder) => Path.StartsWith(folder + "/", StringComparison.Ordinal);

    /// <summary>The line of a piece of this file's syntax, counted from 1.</summary>
    public static int LineOf(SyntaxNode node) => LineOf(node.GetLocation());

    public static int LineOf(SyntaxToken token) => LineOf(token.GetLocation());

    public static int LineOf(SyntaxTrivia trivia) => LineOf(trivia.GetLocation());

    private static int LineOf(Location location) => location.GetLineSpan().StartLinePosition.Line + 1;
}
