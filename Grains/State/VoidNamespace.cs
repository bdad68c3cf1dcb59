namespace Millrace.State;

/// <summary>The namespace of state that belongs to its key alone.</summary>
internal readonly struct VoidNamespace;
