using Millrace.Tasks;

namespace Millrace.Slots;

/// <summary>Keys of grains that live on one silo: <c>silo</c>, or <c>silo/rest</c>.</summary>
internal static class SiloPinnedKey
{
    /// <summary>The silo that a key names.</summary>
    /// <exception cref="FormatException">It names none.</exception>
    public static SiloAddress SiloOf(string key)
    {
        int end = key.IndexOf('/', StringComparison.Ordinal);
        string silo = end < 0 ? key : key[..end];
        try
        {
            return SiloAddress.FromParsableString(silo);
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException or OverflowException)
        {
            throw new FormatException(
                $"'{key}' names no silo: 'address:port@generation' is needed, alone or before a slash.", exception);
        }
    }

    /// <summary>What follows the silo in the key of a grain on this silo.</summary>
    /// <exception cref="TaskManagerLostException">The key names another silo.</exception>
    public static string RestOf(string key, SiloIdentity here)
    {
        if (!key.StartsWith(here.Address + "/", StringComparison.Ordinal))
        {
            throw new TaskManagerLostException(key);
        }

        return key[(here.Address.Length + 1)..];
    }
}
