using Microsoft.Extensions.Options;
using Millrace.Execution;

namespace Millrace;

[OptionsValidator]
internal sealed partial class WorkerOptionsValidator : IValidateOptions<WorkerOptions>;
