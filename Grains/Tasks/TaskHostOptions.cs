using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Millrace.Tasks;

/// <summary>How a silo treats its subtasks. Section <c>Millrace:Tasks</c>.</summary>
public sealed class TaskHostOptions
{
    /// <summary>
    /// Time a subtask has to stop once it was told to; then it is given up, with its slot. Default 60 s; 100 ms to 1
    /// day.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan CancellationTimeout { get; set; } = TimeSpan.FromSeconds(60);
}

/// <summary>Holds the options to their ranges when the silo starts.</summary>
[OptionsValidator]
internal sealed partial class TaskHostOptionsValidator : IValidateOptions<TaskHostOptions>;
