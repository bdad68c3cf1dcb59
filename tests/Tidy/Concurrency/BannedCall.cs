using Microsoft.CodeAnalysis;

namespace Millrace.Concurrency;

/// <summary>A member of the class library that only the seam may use.</summary>
/// <param name="Type">Full name of the type, with its type parameters if it has any.</param>
/// <param name="Member">Name of the member, <see cref="Constructor"/> or <see cref="Any"/>.</param>
/// <param name="Instead">What to do instead, as the end of a sentence.</param>
internal sealed record BannedCall(string Type, string Member, string Instead)
{
    public const string Constructor = ".ctor";
    public const string Any = "*";

    /// <summary>Only the overloads that take a time span or milliseconds and no <c>TimeProvider</c>.</summary>
    public bool OnlyWithoutClock { get; init; }

    public bool OnlyWithoutArguments { get; init; }

    /// <summary>Whether a name with this meaning is such a use.</summary>
    public bool Forbids(ISymbol meaning)
    {
        if (meaning is INamedTypeSymbol || (Member != Any && meaning.Name != Member))
        {
            return false;
        }

        // The short name first: writing the full one is dear, and every name of the product comes by here.
        INamedTypeSymbol? type = meaning.ContainingType?.OriginalDefinition;
        bool isNamed = type is not null && ShortType.StartsWith(type.Name, StringComparison.Ordinal);
        if (!isNamed || type!.ToDisplayString() != Type) // Not null: it is named.
        {
            return false;
        }

        IEnumerable<IParameterSymbol> parameters = (meaning as IMethodSymbol)?.Parameters ?? [];
        string[] types = [.. parameters.Select(parameter => parameter.Type.ToDisplayString())];
        return (!OnlyWithoutArguments || types.Length == 0) && (!OnlyWithoutClock || IsTimedByTheWall(types));
    }

    public override string ToString() => Member switch
    {
        Constructor => $"new {ShortType}",
        Any => ShortType,
        _ => $"{ShortType}.{Member}",
    };

    private string ShortType { get; } = Type[(Type.LastIndexOf('.') + 1)..];

    private static bool IsTimedByTheWall(string[] types) =>
        (types.Contains("System.TimeSpan") || types.Contains("int")) && !types.Contains("System.TimeProvider");
}
