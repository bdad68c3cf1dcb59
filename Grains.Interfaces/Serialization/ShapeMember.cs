using System.Reflection;

namespace Millrace.Serialization;

/// <summary>One member of a struct or class: an instance field under the name it is known by.</summary>
public sealed class ShapeMember
{
    internal ShapeMember(string name, TypeShape shape, IReadOnlyList<string> oldNames, FieldInfo? field)
    {
        Name = name;
        Shape = shape;
        OldNames = oldNames;
        Field = field;
    }

    /// <summary>The name of the property that stores it, or of the field itself.</summary>
    public string Name { get; }

    /// <summary>The shape of its values.</summary>
    public TypeShape Shape { get; }

    /// <summary>Names it bore before, from <see cref="MillraceFieldAttribute"/>.</summary>
    public IReadOnlyList<string> OldNames { get; }

    /// <summary>Where it is stored; null for a shape read from bytes.</summary>
    internal FieldInfo? Field { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {Shape}";
}
