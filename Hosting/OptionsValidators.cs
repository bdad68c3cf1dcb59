using Microsoft.Extensions.Options;
using Millrace.Execution;
using Millrace.Network;
using Millrace.Network.Exchange;

namespace Millrace;

[OptionsValidator]
internal sealed partial class ExchangeOptionsValidator : IValidateOptions<ExchangeOptions>;

[OptionsValidator]
internal sealed partial class NetworkOptionsValidator : IValidateOptions<NetworkOptions>;

[OptionsValidator]
internal sealed partial class WorkerOptionsValidator : IValidateOptions<WorkerOptions>;
