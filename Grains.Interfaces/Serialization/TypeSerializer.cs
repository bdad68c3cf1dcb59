namespace Millrace.Serialization;

/// <summary>Turns values of one type into bytes and back. Derive from <see cref="TypeSerializer{T}"/>.</summary>
public abstract class TypeSerializer
{
    private protected TypeSerializer()
    {
    }

    /// <summary>The type of the values.</summary>
    public abstract Type Type { get; }

    /// <summary>The shape that is written; stored beside data that outlives the job.</summary>
    public abstract TypeShape Shape { get; }

    /// <summary>True when values hold references, so that buffers of them are cleared before they are reused.</summary>
    public abstract bool HasReferences { get; }

    /// <summary>True when a value can never change, however deep: it may be shared instead of copied.</summary>
    public virtual bool IsImmutable => false;

    /// <summary>Fewest bytes any value takes, at least 1: bounds what a count read from bytes may promise.</summary>
    public virtual int MinBytes => 1;
}
