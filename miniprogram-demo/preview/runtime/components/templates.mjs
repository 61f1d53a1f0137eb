// The templates of the built-in components; `h-NAME` is the browser's own element NAME.
export const TEMPLATES = {
  'wx/view': '<slot />',
  'wx/text': '<slot />',
  'wx/button': '<slot />',
  'wx/form': '<slot />',
  'wx/image': '<h-img src="{{source}}" style="object-fit: {{fit}}" catch:load="onLoad" catch:error="onError" />',
  'wx/input': `<h-input
    type="{{password ? 'password' : 'text'}}" value="{{value}}" placeholder="{{placeholder}}" maxlength="{{maxlength}}"
    disabled="{{disabled}}" catch:input="onInput" catch:focus="onFocus" catch:blur="onBlur" catch:keydown="onKeydown" />`,
}

export const NAMES = Object.keys(TEMPLATES).map((path) => path.slice('wx/'.length))
