namespace Millrace.Examples.Nexmark.Generator;

/// <summary>Texts that are made; the others are empty. All other fields have the same values either way.</summary>
[Flags]
public enum EventTexts
{
    /// <summary>Only a person's name, city and state, which cost nothing.</summary>
    None = 0,

    /// <summary>Address and credit card of persons.</summary>
    Contacts = 1,

    /// <summary>Name and description of auctioned items.</summary>
    Items = 2,

    /// <summary>Channel and page of bids.</summary>
    Channels = 4,

    /// <summary>The filling of all events.</summary>
    Extras = 8,

    /// <summary>Everything.</summary>
    All = Contacts | Items | Channels | Extras,
}
