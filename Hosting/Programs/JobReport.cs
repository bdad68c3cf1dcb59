using System.Globalization;
using Millrace.Failures;
using Millrace.Functions;
using Millrace.Jobs;

namespace Millrace.Programs;

/// <summary>How a job ended, in words.</summary>
internal static class JobReport
{
    /// <summary>One line: which job, how it ended, after how long, and why.</summary>
    public static string Headline(JobResult result) => string.Create(
        CultureInfo.InvariantCulture,
        $"Job '{result.Name}' ({result.Job}) {Word(result.Status)} after {result.RunTime.TotalSeconds:0.00} s"
        + $"{(result.Failure is null ? "." : $": {result.Failure}")}");

    /// <summary>Flink's spelling: <c>FINISHED</c>.</summary>
    public static string Word(JobStatus status) => status.ToString().ToUpperInvariant();

    /// <summary>Writes how the job ended: the result and its accumulators to one writer, a failure with the user's
    /// stack trace to the other.</summary>
    public static void Write(JobResult result, TextWriter output, TextWriter error)
    {
        TextWriter headline = result.Status == JobStatus.Finished ? output : error;
        headline.WriteLine(Headline(result));
        if (result.Failure is { StackTrace.Length: > 0 } failure && !IsOurs(failure))
        {
            error.WriteLine(Indented(failure));
        }

        foreach (AccumulatorValue accumulator in result.Accumulators)
        {
            output.WriteLine($"  {accumulator.Name}: {ValueOf(accumulator)}");
        }
    }

    /// <summary>The value as a number in text.</summary>
    public static string ValueOf(AccumulatorValue accumulator) => accumulator.Kind switch
    {
        AccumulatorKind.DoubleSum or AccumulatorKind.DoubleMinimum or AccumulatorKind.DoubleMaximum
            or AccumulatorKind.DoubleAverage => accumulator.Double.ToString("R", CultureInfo.InvariantCulture),
        _ => accumulator.Long.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>The user's stack trace, two spaces in.</summary>
    public static string Indented(FailureInfo failure) =>
        "  " + failure.StackTrace.ReplaceLineEndings(Environment.NewLine + "  ");

    /// <summary>Whether the message says it all: our own errors are raised on purpose.</summary>
    private static bool IsOurs(FailureInfo failure) =>
        failure.TypeName.StartsWith("Millrace.", StringComparison.Ordinal);
}
