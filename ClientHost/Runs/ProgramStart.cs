using Millrace.Programs;

namespace Millrace.Runs;

/// <summary>Starts programs on the client.</summary>
internal static class ProgramStart
{
    /// <summary>Runs the program's <c>Main</c>, or a job class of it, with <paramref name="target"/> as the place for
    /// its jobs.</summary>
    /// <param name="program">The program.</param>
    /// <param name="className">The job class the user named, or null.</param>
    /// <param name="args">For the program.</param>
    /// <param name="target">Where its jobs go.</param>
    /// <returns>The exit code.</returns>
    public static Task<int> StartAsync(
        this ClientProgram program, string? className, string[] args, ProgramTarget target)
    {
        Type? jobClass = program.FindEntry(className);
        return jobClass is not null
            ? target.RunAsync(jobClass, args)

            // A Main that waits keeps the thread that called it.
            : target.BindAsync(() => Task.Run(() => program.InvokeMain(args)));
    }
}
