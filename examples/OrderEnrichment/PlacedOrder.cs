namespace Millrace.Examples;

/// <summary>An order and where its customer lives.</summary>
/// <param name="Id">Which order.</param>
/// <param name="Customer">Whose.</param>
/// <param name="Country">As the customer service says; <c>unknown</c> when it does not know the customer.</param>
/// <param name="Cents">For how much, in cents.</param>
public readonly record struct PlacedOrder(long Id, string Customer, string Country, long Cents);
