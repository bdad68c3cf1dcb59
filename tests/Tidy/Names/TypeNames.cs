using Microsoft.CodeAnalysis.CSharp.Syntax;
using Millrace.Repository;

namespace Millrace.Names;

/// <summary>A type is named after what it is; endings that fit everything say nothing.</summary>
internal sealed class TypeNames
{
    private static readonly string[] Empty =
        ["Helper", "Helpers", "Manager", "Util", "Utils", "Utility", "Impl", "Base"];

    // Words of the field, see docs/glossary.md.
    private static readonly HashSet<string> Vocabulary = ["ResourceManager", "TaskManager"];

    public IEnumerable<Finding> Check(SourceTree tree) =>
        from file in tree.CSharp
        from type in file.Root.DescendantNodes().OfType<BaseTypeDeclarationSyntax>()
        let name = type.Identifier.Text
        let ending = Empty.FirstOrDefault(ending => name.EndsWith(ending, StringComparison.Ordinal))
        where ending is not null && !Vocabulary.Contains(WithoutInterfacePrefix(name))
        select new Finding(
            file.Path,
            SourceFile.LineOf(type.Identifier),
            $"'{name}' ends in '{ending}': name what it is or how it does it.");

    private static string WithoutInterfacePrefix(string name) =>
        name.Length > 1 && name[0] == 'I' && char.IsUpper(name[1]) ? name[1..] : name;
}
