namespace Millrace.Examples.Nexmark.Generator;

/// <summary>What persons are called and where they live.</summary>
internal static class PersonTexts
{
    public static readonly string[] FirstNames =
        ["Peter", "Paul", "Luke", "John", "Saul", "Vicky", "Kate", "Julie", "Sarah", "Deiter", "Walter"];

    public static readonly string[] LastNames =
        ["Shultz", "Abrams", "Spencer", "White", "Bartels", "Walton", "Smith", "Jones", "Noris"];

    public static readonly string[] Cities =
    [
        "Phoenix", "Los Angeles", "San Francisco", "Boise", "Portland",
        "Bend", "Redmond", "Seattle", "Kent", "Cheyenne",
    ];

    public static readonly string[] States = ["AZ", "CA", "ID", "OR", "WA", "WY"];

    /// <summary>Every first name with every last name, so that a person costs no new text for it.</summary>
    public static readonly string[] Names =
        [.. FirstNames.SelectMany(first => LastNames.Select(last => $"{first} {last}"))];
}
