namespace Millrace.Functions;

/// <summary>Takes the records a function emits.</summary>
/// <remarks>Never refuses: the loop stops offering input when its outputs are full, between two calls of the function.
/// An emitted record is immutable by contract: it may be handed to other operators without a copy.</remarks>
public interface ICollector<in T>
{
    /// <summary>Emits one record.</summary>
    void Emit(T value);
}
