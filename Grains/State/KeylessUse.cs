namespace Millrace.State;

/// <summary>What is told to who uses keyed state while no record or timer with a key is at work.</summary>
internal static class KeylessUse
{
    /// <summary>A state is read or written.</summary>
    public static InvalidStateUseException OfState(string state, string operatorName) => new(
        $"State '{state}' of operator '{operatorName}' is used while no record or timer with a key is at work: " +
        "use it for records with a key and for timers only. Records of a broadcast stream have no key: use " +
        "ApplyToKeyedState(...) there.");

    /// <summary>The key is asked for.</summary>
    public static InvalidStateUseException OfKey(string operatorName) => new(
        $"Operator '{operatorName}' asks for the current key while no record or timer with a key is at work.");

    /// <summary>A namespace is set.</summary>
    public static InvalidStateUseException OfNamespace(string operatorName) => new(
        $"Operator '{operatorName}' sets a namespace while no record or timer with a key is at work.");
}
