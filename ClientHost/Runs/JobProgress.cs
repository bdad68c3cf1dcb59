using System.Globalization;
using Millrace.Failures;
using Millrace.Jobs;
using Millrace.Output;
using Millrace.Programs;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Millrace.Runs;

/// <summary>Shows how a job gets on: a table that is written anew where somebody watches, else lines from time to
/// time.</summary>
internal sealed class JobProgress(Terminal terminal, TimeProvider time)
{
    private static readonly TimeSpan TablePeriod = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LinesPeriod = TimeSpan.FromSeconds(5);

    private volatile bool _hasTable;
    private volatile string? _notice;

    /// <summary>Shows a line under the table, where there is one.</summary>
    /// <returns>False when there is none.</returns>
    public bool Tell(string line)
    {
        _notice = line;
        return _hasTable;
    }

    /// <param name="job">The job.</param>
    /// <param name="hasEnded">Ends the show.</param>
    public async Task ShowAsync(JobHandle job, CancellationToken hasEnded)
    {
        try
        {
            // A job that is over at once needs no progress.
            await Task.Delay(TablePeriod, time, hasEnded);
            await (terminal.IsInteractive ? ShowTableAsync(job, hasEnded) : ShowLinesAsync(job, hasEnded));
        }
        catch (Exception over) when (over is OperationCanceledException or StreamingException)
        {
            // The job has ended, or the cluster is lost: whoever waits for the result says so.
        }
        finally
        {
            _hasTable = false;
        }
    }

    private static string Headline(JobDetails job, TimeSpan elapsed) =>
        $"{job.Name} ({job.Job}) {Texts.Word(job.Status)} {Texts.Duration(elapsed)}";

    private static Rows Draw(JobDetails job, TimeSpan elapsed, IReadOnlyList<VertexRate> rates, string? notice)
    {
        Table table = Terminal.CreateTable("VERTEX", "TASKS", "IN", "IN/s", "OUT", "OUT/s");
        foreach (VertexRate rate in rates)
        {
            table.AddRow(
                new Text(rate.Name),
                new Text(string.Create(CultureInfo.InvariantCulture, $"{rate.Running}/{rate.Tasks}")),
                new Text(Texts.Number(rate.RecordsIn)),
                new Text(Texts.Number((long)rate.InPerSecond)),
                new Text(Texts.Number(rate.RecordsOut)),
                new Text(Texts.Number((long)rate.OutPerSecond)));
        }

        return notice is null
            ? new Rows(new Text(Headline(job, elapsed)), table)
            : new Rows(new Text(Headline(job, elapsed)), table, new Text(notice));
    }

    private async Task ShowTableAsync(JobHandle job, CancellationToken hasEnded)
    {
        var rates = new VertexRates(time);
        long start = time.GetTimestamp();
        JobDetails details = await job.WatchDetailsAsync(hasEnded);
        IReadOnlyList<VertexRate> now = rates.Take(details);
        IRenderable drawn = Draw(details, time.GetElapsedTime(start), now, notice: null);
        await terminal.ErrorConsole.Live(drawn).StartAsync(async live =>
        {
            _hasTable = true;
            Task<JobDetails>? asked = null;
            while (true)
            {
                await Task.Delay(TablePeriod, time, hasEnded);
                asked ??= job.WatchDetailsAsync(hasEnded);

                // While nobody answers the table is drawn all the same: the notice under it says so.
                await Task.WhenAny(asked, Task.Delay(TablePeriod, time, hasEnded));
                if (asked.IsCompleted)
                {
                    details = await asked;
                    now = rates.Take(details);
                    asked = null;
                }

                live.UpdateTarget(Draw(details, time.GetElapsedTime(start), now, _notice));
            }
        });
    }

    private async Task ShowLinesAsync(JobHandle job, CancellationToken hasEnded)
    {
        var rates = new VertexRates(time);
        long start = time.GetTimestamp();
        while (true)
        {
            JobDetails details = await job.WatchDetailsAsync(hasEnded);
            IReadOnlyList<VertexRate> now = rates.Take(details);
            terminal.Error.WriteLine(Headline(details, time.GetElapsedTime(start)));
            foreach (VertexRate rate in now)
            {
                terminal.Error.WriteLine($"  {rate}");
            }

            await Task.Delay(LinesPeriod, time, hasEnded);
        }
    }
}
