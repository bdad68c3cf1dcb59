using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Millrace.Repository;

namespace Millrace.Tests;

/// <summary>Finds the test methods of a file by their attribute.</summary>
internal static class TestMethods
{
    private static readonly string[] Attributes = ["TestMethod", "DataTestMethod", "STATestMethod"];

    public static IEnumerable<(SourceFile File, MethodDeclarationSyntax Method)> In(SourceTree tree) =>
        from file in tree.CSharp
        where file.IsTest
        from method in file.Root.DescendantNodes().OfType<MethodDeclarationSyntax>()
        where Attributes.Any(name => Has(method.AttributeLists, name))
        select (file, method);

    public static bool Has(SyntaxList<AttributeListSyntax> lists, string name) => Find(lists, name) is not null;

    public static AttributeSyntax? Find(SyntaxList<AttributeListSyntax> lists, string name) =>
        lists.SelectMany(list => list.Attributes).FirstOrDefault(attribute => ShortName(attribute.Name) == name);

    private static string ShortName(NameSyntax name)
    {
        string text = name is QualifiedNameSyntax qualified ? qualified.Right.Identifier.Text : name.ToString();
        return text.EndsWith("Attribute", StringComparison.Ordinal) ? text[..^"Attribute".Length] : text;
    }
}
