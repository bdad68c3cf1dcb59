using System.Collections.Concurrent;
using Millrace.Examples.Nexmark.Generator;

namespace Millrace.Examples.Nexmark.Oracle;

/// <summary>Results of the models, each computed once.</summary>
internal static class ModelResults
{
    private static readonly ConcurrentDictionary<(int Events, int Rate), Lazy<EventLog>> Logs = new();

    private static readonly ConcurrentDictionary<(string Query, int Events, int Rate), Lazy<RowHash>> Results = new();

    /// <summary>Rows and hash of a query.</summary>
    public static RowHash Of(string query, int events, int rate) => Results.GetOrAdd(
        (query, events, rate),
        asked => new Lazy<RowHash>(() => RowHash.Of(QueryModels.Rows(asked.Query, LogOf(asked.Events, asked.Rate)))))
        .Value;

    private static EventLog LogOf(int events, int rate) => Logs.GetOrAdd(
        (events, rate),
        asked => new Lazy<EventLog>(() => EventLog.Of(asked.Events, new EventNumbering(asked.Rate)))).Value;
}
