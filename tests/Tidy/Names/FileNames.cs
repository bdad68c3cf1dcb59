using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Millrace.Repository;

namespace Millrace.Names;

/// <summary>
/// A file is named after a type in it: <c>JobGrain.cs</c>, <c>JobGrain.Log.cs</c>, <c>DataStream{T}.cs</c>. A test file
/// may hold a collection of small samples and is named after what they are.
/// </summary>
internal sealed class FileNames
{
    public IEnumerable<Finding> Check(SourceTree tree)
    {
        foreach (SourceFile file in tree.CSharp.Where(file => !file.IsTest))
        {
            string[] types = [.. TopLevelTypes(file.Root)];
            string stem = file.Name[..file.Name.IndexOfAny(['.', '{'])];
            bool isLog = file.Name == stem + ".Log.cs" && types.Contains(stem + "Log");
            if (types.Length > 0 && !types.Contains(stem) && !isLog && !HasProgram(file.Root))
            {
                yield return new Finding(
                    file.Path, 0, $"No type in it is called '{stem}' (seen: {string.Join(", ", types)}): rename it.");
            }
        }
    }

    private static IEnumerable<string> TopLevelTypes(SyntaxNode root) =>
        root.DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax)
            .Select(node => node switch
            {
                BaseTypeDeclarationSyntax type => type.Identifier.Text,
                DelegateDeclarationSyntax type => type.Identifier.Text,
                _ => "",
            })
            .Where(name => name.Length > 0);

    private static bool HasProgram(SyntaxNode root) => root.ChildNodes().OfType<GlobalStatementSyntax>().Any();
}
