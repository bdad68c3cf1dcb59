using Microsoft.Extensions.Options;
using Millrace.Network;

namespace Millrace;

[OptionsValidator]
internal sealed partial class NetworkOptionsValidator : IValidateOptions<NetworkOptions>;
