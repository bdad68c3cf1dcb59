namespace Millrace.Examples.Nexmark.Oracle;

/// <summary>What each query must give, written down as plainly as can be: rows as text, in any order. The layouts are
/// those of the README of examples/Nexmark.</summary>
internal static class QueryModels
{
    private static readonly Dictionary<string, Func<EventLog, IEnumerable<string>>> Models = new()
    {
        ["q0"] = BidQueries.Q0,
        ["q1"] = BidQueries.Q1,
        ["q2"] = BidQueries.Q2,
        ["q3"] = JoinQueries.Q3,
        ["q4"] = WinningBidQueries.Q4,
        ["q5"] = WindowQueries.Q5,
        ["q6"] = WinningBidQueries.Q6,
        ["q7"] = WindowQueries.Q7,
        ["q8"] = JoinQueries.Q8,
        ["q9"] = WinningBidQueries.Q9,
        ["q10"] = BidQueries.Q10,
        ["q11"] = WindowQueries.Q11,
        ["q12"] = WindowQueries.Q12,
        ["q13"] = BidQueries.Q13,
        ["q14"] = BidQueries.Q14,
        ["q15"] = DayQueries.Q15,
        ["q16"] = DayQueries.Q16,
        ["q17"] = DayQueries.Q17,
        ["q18"] = RankingQueries.Q18,
        ["q19"] = RankingQueries.Q19,
        ["q20"] = JoinQueries.Q20,
        ["q21"] = BidQueries.Q21,
        ["q22"] = BidQueries.Q22,
        ["q23"] = JoinQueries.Q23,
    };

    /// <summary>Names of the queries.</summary>
    public static IEnumerable<string> Names => Models.Keys;

    /// <summary>The rows a query gives at the end of the events.</summary>
    public static IReadOnlyList<string> Rows(string query, EventLog log) => [.. Models[query](log)];
}
