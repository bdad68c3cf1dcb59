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

        // The program's code keeps the thread that called it for as long as it likes.
        return jobClass is not null
            ? Task.Run(() => target.RunAsync(jobClass, args))
            : target.BindAsync(() => Task.Run(() => program.InvokeMain(args)));
    }
}
