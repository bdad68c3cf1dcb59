using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Millrace.Failures;
using Millrace.Jobs;

namespace Millrace.Graph;

/// <summary>Gives operators the ids under which their state is filed.</summary>
/// <remarks>
/// With a uid, the id depends on nothing else. Without one, it follows from the kind of the operator, the ids of its
/// inputs, and its rank among those that agree in both: what stands beside it may change, what stands before it not.
/// A contract with every snapshot ever written; source: this file.
/// </remarks>
internal sealed class OperatorIds
{
    private readonly Dictionary<string, int> _ranks = [];
    private readonly Dictionary<string, string> _uids = [];

    /// <param name="transformation">The operator.</param>
    /// <param name="inputs">Ids of the operators it takes records from, with the number of its input in front where
    /// that is not the first.</param>
    /// <exception cref="InvalidProgramGraphException">The uid is in use by another operator.</exception>
    public OperatorId IdOf(Transformation transformation, IEnumerable<string> inputs)
    {
        if (transformation.Uid is string uid)
        {
            if (!_uids.TryAdd(uid, transformation.Name))
            {
                throw new InvalidProgramGraphException(
                    $"Uid '{uid}' is used by '{_uids[uid]}' and by '{transformation.Name}': " +
                    "a uid must be unique in its program.");
            }

            return Hash($"uid:{uid}");
        }

        string place = $"{transformation.Kind}({string.Join(',', inputs)})";
        int rank = _ranks.GetValueOrDefault(place);
        _ranks[place] = rank + 1;
        return Hash(string.Create(CultureInfo.InvariantCulture, $"place:{place}#{rank}"));
    }

    private static OperatorId Hash(string text) => new(Id128.OfBytes(SHA256.HashData(Encoding.UTF8.GetBytes(text))));
}
