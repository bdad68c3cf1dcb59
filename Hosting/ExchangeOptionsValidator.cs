using Microsoft.Extensions.Options;
using Millrace.Network.Exchange;

namespace Millrace;

[OptionsValidator]
internal sealed partial class ExchangeOptionsValidator : IValidateOptions<ExchangeOptions>;
