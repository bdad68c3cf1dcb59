using Millrace.Execution;
using Millrace.Graph;
using Millrace.Programs;

namespace Millrace.UserCode;

/// <summary>Runs a program's <c>Define</c> and does not wait for it for ever.</summary>
internal static class BoundedDefinition
{
    /// <summary>Runs <c>Define</c> on the pool. One that does not come back, or whose caller gives up, is left
    /// alone.</summary>
    /// <exception cref="ProgramNotDefinedException">It has not come back in time.</exception>
    /// <exception cref="OperationCanceledException">The caller gives up.</exception>
    public static async Task<StreamGraph> DefineAsync(
        this IJobCode code, JobArguments arguments, IExecution execution, CancellationToken cancellationToken)
    {
        StreamGraph? defined = null;
        Task defining = execution.RunAsync(() =>
        {
            defined = code.Define(arguments);
            return Task.CompletedTask;
        });
        try
        {
            await defining.WaitAsync(code.DefineTimeout, execution.Time, cancellationToken);
        }
        catch (TimeoutException)
        {
            if (!defining.IsCompleted)
            {
                throw new ProgramNotDefinedException(code.ClassName, code.DefineTimeout);
            }

            // It came back just now, or failed of a timeout of its own.
            await defining;
        }

        return defined!; // Not null: it has come back, and did not throw.
    }
}
