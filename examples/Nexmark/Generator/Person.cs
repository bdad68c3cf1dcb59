namespace Millrace.Examples.Nexmark.Generator;

/// <summary>Somebody who opens auctions and bids.</summary>
/// <param name="Id">From 1,000, without gaps.</param>
/// <param name="Name">First and last name.</param>
/// <param name="EmailAddress">A made-up address.</param>
/// <param name="CreditCard">Four groups of four digits.</param>
/// <param name="City">One of ten cities.</param>
/// <param name="State">One of six states, as two letters.</param>
/// <param name="Time">Event time, in milliseconds since 1970-01-01 UTC.</param>
/// <param name="Extra">Filling, so that a person has about 200 bytes.</param>
public sealed record Person(
    long Id,
    string Name,
    string EmailAddress,
    string CreditCard,
    string City,
    string State,
    long Time,
    string Extra);
